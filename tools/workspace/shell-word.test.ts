import { execFileSync } from 'node:child_process';
import { printable, shellWord } from './shell-word';

test.each(['plain-1', 'two words', "it's", '$(touch x)', '`id`', '<in', '"', ''])(
  'a shell reads %j as one word',
  (text) => {
    expect(execFileSync('/bin/sh', ['-c', `printf %s ${shellWord(text)}`], { encoding: 'utf8' })).toBe(text);
  },
);

test('text of others stays on its line and cannot move the cursor', () => {
  expect(printable('ann\u001b[2Kroot\r\n@desk\u202e')).toBe('ann\\u001b[2Kroot\\u000d\\u000a@desk\\u202e');
  expect(printable('x'.repeat(1000))).toHaveLength(201);
});
