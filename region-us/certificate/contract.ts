import { certificateContract } from '@platform/libs/certificate/contract';
import { region } from '../region';

export const contract = certificateContract(region);
