'use strict';

/*
 * Requests the user's path as a browser would, and fails if an answer is not 2xx or 3xx, takes too long, or comes with a
 * certificate that expires soon. Runs in CloudWatch Synthetics. Its settings are environment variables:
 * CHECK_URLS (separated by commas), LATENCY_MS, LEAST_DAYS.
 */

const http = require('node:http');
const https = require('node:https');

const dayMs = 86_400_000;

/** Status of the answer, the time until its last byte, and the end of the certificate's validity. */
function get(url, timeoutMs) {
  return new Promise((resolve, reject) => {
    const startMs = Date.now();
    const { request } = url.startsWith('https:') ? { request: https.get } : { request: http.get };
    const asked = request(url, { agent: false, timeout: timeoutMs }, (answer) => {
      const certificate = answer.socket.getPeerCertificate?.();
      answer.on('error', reject);
      answer.on('end', () =>
        resolve({ status: answer.statusCode, tookMs: Date.now() - startMs, validTo: certificate?.valid_to }),
      );
      answer.resume();
    });
    asked.on('timeout', () => asked.destroy(new Error(`no answer within ${timeoutMs} ms`)));
    asked.on('error', reject);
  });
}

/** What is wrong with one URL; empty if all is well. */
async function problemsOf(url, { latencyMs, leastDays, nowMs = Date.now() }) {
  let answer;
  try {
    // Ten times as long as allowed: a slow answer is reported as such, and not as none.
    answer = await get(url, 10 * latencyMs);
  } catch (error) {
    return [`${url}: ${error.message}`];
  }
  const { status, tookMs, validTo } = answer;
  const days = validTo === undefined ? undefined : (Date.parse(validTo) - nowMs) / dayMs;
  return [
    ...(status < 200 || status > 399 ? [`${url}: status ${status}`] : []),
    ...(tookMs > latencyMs ? [`${url}: took ${tookMs} ms, and ${latencyMs} ms are allowed`] : []),
    ...(days !== undefined && days < leastDays ? [`${url}: its certificate expires in ${Math.floor(days)} days`] : []),
  ];
}

async function handler() {
  const { CHECK_URLS, LATENCY_MS, LEAST_DAYS } = process.env;
  const limits = { latencyMs: Number(LATENCY_MS), leastDays: Number(LEAST_DAYS) };
  const problems = (await Promise.all(CHECK_URLS.split(',').map((url) => problemsOf(url, limits)))).flat();
  if (problems.length > 0) throw new Error(problems.join('; '));
}

module.exports = { handler, problemsOf };
