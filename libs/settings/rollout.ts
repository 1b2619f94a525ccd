/**
 * What has to be green before a rollout goes from one region to the next. It is asked of the regions that were changed.
 * Whatever is left out is not looked at; with nothing but the time, a rollout waits and goes on.
 */
export interface RolloutSettings {
  /**
   * Time for which everything has to stay green after a change, in seconds, 0–86400: a change can take a while to do
   * harm. Shorter than an alarm's period, the alarm has no say.
   */
  readonly waitSec: number;
  /**
   * Names of CloudWatch alarms in the workload account, which every region has. One that is in alarm or does not exist
   * is red; at the end of the time, so is one without data.
   */
  readonly alarms?: readonly string[];
  /** Address that has to answer with 2xx. `{region}` in it stands for the region's key: `https://{region}.example.com/healthz`. */
  readonly url?: string;
  /**
   * Command line for the shell, run at the workspace root, that has to exit with 0 within 15 minutes. It sees
   * `PLATFORM_ENVIRONMENT`, and in `PLATFORM_REGION` and `AWS_REGION` the region that it is asked of.
   */
  readonly command?: string;
}
