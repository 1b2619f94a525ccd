import { z } from 'zod';
import type { RolloutSettings } from './rollout';
import { shapeOf } from './shape';

export const rolloutShape = shapeOf<RolloutSettings>({
  waitSec: z.number(),
  alarms: z.array(z.string()).optional(),
  url: z.string().optional(),
  command: z.string().optional(),
});
