/**
 * The variable by which Node.js keeps what it compiled, for processes that otherwise get nothing of our environment: hundreds are
 * started from the same sources. Empty where there is none (https://nodejs.org/api/cli.html, NODE_COMPILE_CACHE).
 */
export const compileCache = (): Readonly<Record<string, string>> => {
  const directory = process.env.NODE_COMPILE_CACHE
  return directory === undefined ? {} : { NODE_COMPILE_CACHE: directory }
}
