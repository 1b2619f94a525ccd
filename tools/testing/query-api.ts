import type { Emulator } from '@platform/tools/emulator/profile';

/** Calls one of AWS's older APIs, `{ Action, Version, … }`, in us-east-1 of an emulator: behind Terraform's back. */
export async function callQueryApi(
  { endpoint }: Pick<Emulator, 'endpoint'>,
  service: string,
  parameters: Readonly<Record<string, string>>,
): Promise<void> {
  const scope = `Credential=emulator/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=x`;
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: { Authorization: `AWS4-HMAC-SHA256 ${scope}`, 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(parameters).toString(),
  });
  if (!answer.ok) throw new Error(`${service} ${parameters['Action']}: ${answer.status} ${await answer.text()}`);
}
