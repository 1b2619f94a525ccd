import infra from '@platform/infra.config';
import { home } from './home';

test('global stacks keep their state in the region that the organisation calls home', () => {
  expect(home.key).toBe(infra.home);
});
