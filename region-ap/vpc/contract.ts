import { vpcContract } from '@platform/libs/vpc/contract';
import { region } from '../region';

export const contract = vpcContract(region, 'vpc');
