import type { CapacitySettings } from './application';

/** The appliances that look at traffic between networks and to the internet, from level `inspected`; the same in every region. */
export interface InspectionSettings {
  /** Of the arm64 kind, like the image. Its network is the limit: packets come in and go out by the same interface. */
  readonly instanceType: string;
  readonly diskGib: number;
  /**
   * Name of an SSM parameter that holds an AMI id, asked at every launch. Amazon Linux 2023, plain or with Suricata
   * installed: what is missing is installed at the first start.
   */
  readonly image: string;
  /** Appliances per zone. With `min` 1 a zone passes nothing while its only appliance is replaced. */
  readonly perZone: CapacitySettings;
  readonly scaling: {
    /** Average CPU that scaling aims at, 10–90 percent. */
    readonly cpuPercent: number;
    /** Traffic that comes in per appliance that scaling aims at, in Mbit/s. */
    readonly megabitsPerSec: number;
  };
  /** Rules that appliances fetch every day, beside the estate's own: an https address of a `.tar.gz` or `.rules` file. */
  readonly rulesUrl: string;
  /** Days that alerts are kept; one of the retention periods of CloudWatch Logs. */
  readonly alertRetentionDays: number;
}
