import infra from '@platform/infra.config';
import { home } from './home';

test('global stacks keep their state in the home region of the settings', () => {
  expect(home.key).toBe(infra.home);
});
