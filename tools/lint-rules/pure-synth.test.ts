import { RuleTester } from 'eslint';
import pureSynth from './pure-synth.cjs';

new RuleTester().run('platform/pure-synth', pureSynth, {
  valid: [
    'new Date(2026, 0, 1);',
    'Date.parse(text);',
    'process.cwd();',
    'Math.max(1, 2);',
    'const { env, name } = settings;',
    'options.process.env;',
    "import { join } from 'node:path';",
  ],
  invalid: [
    { code: 'new Date();', errors: [{ messageId: 'clock', data: { name: 'new Date()' } }] },
    { code: 'Date.now();', errors: [{ messageId: 'clock', data: { name: 'Date.now' } }] },
    { code: 'Math.random();', errors: [{ messageId: 'clock', data: { name: 'Math.random' } }] },
    { code: 'crypto.randomUUID();', errors: [{ messageId: 'clock', data: { name: 'randomUUID' } }] },
    { code: 'Date();', errors: [{ messageId: 'clock', data: { name: 'Date()' } }] },
    { code: 'globalThis.Date.now();', errors: [{ messageId: 'clock', data: { name: 'Date.now' } }] },
    { code: 'performance.now();', errors: [{ messageId: 'clock', data: { name: 'performance' } }] },
    { code: 'process.hrtime.bigint();', errors: [{ messageId: 'clock' }] },
    ...[
      'const region = process.env.AWS_REGION;',
      "process['env']['X'];",
      "globalThis.process.env['X'];",
      'const { env } = process;',
      'const { env: { HOME } } = globalThis.process;',
    ].map((code) => ({ code, errors: [{ messageId: 'environment' }] })),
    ...[
      "import { hostname } from 'node:os';",
      "import os from 'os';",
      "export { env } from 'node:process';",
      "require('node:perf_hooks');",
      "import('node:os');",
    ].map((code) => ({ code, errors: [{ messageId: 'machine' }] })),
  ],
});
