import { distributionContract } from '@platform/libs/edge/contract';
import { region } from '../region';

export const contract = distributionContract(region);
