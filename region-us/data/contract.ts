import { regionalDataContract } from '@platform/libs/data/regional-contract';
import { region } from '../region';

export const contract = regionalDataContract(region, 'data');
