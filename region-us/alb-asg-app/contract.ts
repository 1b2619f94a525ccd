import { applicationContract } from '@platform/libs/app/contract';
import { region } from '../region';

export const contract = applicationContract(region, 'alb-asg-app');
