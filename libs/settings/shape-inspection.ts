import { z } from 'zod';
import type { CapacitySettings } from './application';
import type { InspectionSettings } from './inspection';
import { shapeOf } from './shape';

export const inspectionShape = shapeOf<InspectionSettings>({
  instanceType: z.string(),
  diskGib: z.number(),
  image: z.string(),
  perZone: shapeOf<CapacitySettings>({ min: z.number(), max: z.number() }),
  scaling: shapeOf<InspectionSettings['scaling']>({ cpuPercent: z.number(), megabitsPerSec: z.number() }),
  rulesUrl: z.string(),
  alertRetentionDays: z.number(),
});
