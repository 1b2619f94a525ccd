import { trafficControlContract } from '@platform/libs/traffic-control/contract';
import { region } from '../region';

export const contract = trafficControlContract(region);
