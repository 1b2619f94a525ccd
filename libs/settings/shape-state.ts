import { z } from 'zod';
import { shapeOf } from './shape';
import { stateLockings, type StateSettings } from './state';

export const stateShape = shapeOf<StateSettings>({
  oldVersionDays: z.number(),
  oldVersionsKept: z.number(),
  locking: z.enum(stateLockings),
});
