import { cacheContract } from '@platform/libs/cache/contract';
import { region } from '../region';

export const contract = cacheContract(region, 'cache');
