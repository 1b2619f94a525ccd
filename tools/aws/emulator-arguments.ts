/**
 * Arguments by resource type that a configuration gets on an emulator only: waits that it never ends. Nothing else
 * belongs here, for whatever differs is not tried there.
 */
export const emulatorArguments: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  // A distribution stays "InProgress" there.
  aws_cloudfront_distribution: { wait_for_deployment: false },
};
