import { whatIf } from './synth';

describe('what-if options', () => {
  it('reach synth as given', () => {
    expect(whatIf({ environment: 'prod', level: 'inspected', mode: 'active-active' })).toEqual({
      level: 'inspected',
      mode: 'active-active',
    });
    expect(whatIf({ environment: 'prod' })).toEqual({});
  });

  it('are refused when there is no such level or mode, with those that there are', () => {
    expect(() => whatIf({ environment: 'prod', level: 'all' as 'inspected' })).toThrow(
      'level: there is no "all"; use one of standby, origin-failover',
    );
    expect(() => whatIf({ environment: 'prod', mode: 'passive' as 'active-active' })).toThrow(
      'mode: there is no "passive"; use one of active-passive, active-active',
    );
  });
});
