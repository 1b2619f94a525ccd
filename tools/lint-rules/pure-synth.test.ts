import { RuleTester } from 'eslint';
import pureSynth from './pure-synth.cjs';

new RuleTester().run('platform/pure-synth', pureSynth, {
  valid: ['new Date(2026, 0, 1);', 'Date.parse(text);', 'process.cwd();', 'Math.max(1, 2);'],
  invalid: [
    { code: 'new Date();', errors: [{ messageId: 'clock', data: { name: 'new Date()' } }] },
    { code: 'Date.now();', errors: [{ messageId: 'clock', data: { name: 'Date.now' } }] },
    { code: 'Math.random();', errors: [{ messageId: 'clock', data: { name: 'Math.random' } }] },
    { code: 'crypto.randomUUID();', errors: [{ messageId: 'clock', data: { name: 'randomUUID' } }] },
    { code: 'const region = process.env.AWS_REGION;', errors: [{ messageId: 'environment' }] },
  ],
});
