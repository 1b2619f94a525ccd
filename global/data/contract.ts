import { dataContract } from '@platform/libs/data/contract';
import { regions } from '@platform/shared/regions';
import { home } from '../home';

export const contract = dataContract(home, regions);
