/** This process's environment variables without what Nx and Jest, who run the tests, tell their children. */
export function callersEnvironment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(NX_|TSX_|NODE_ENV$|FORCE_COLOR$|JEST_)/.test(name));
  return Object.fromEntries(own);
}
