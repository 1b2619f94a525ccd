import { databaseContract } from '@platform/libs/aurora/contract';
import { region } from '../region';

export const contract = databaseContract(region, 'aurora');
