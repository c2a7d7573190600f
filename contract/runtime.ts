import { RAL } from 'vscode-jsonrpc'

/*
 * vscode-jsonrpc asks for timers and a console through an abstraction that its `./node` and `./browser` entries
 * install. Both drag in more than the contract may touch, so the little it really needs is installed here, from
 * what Node, Chromium and workers share. (The library's version is pinned: this interface is not a public one.)
 */

const unused = (): never => {
  throw new Error('Cloud Mole frames messages itself; vscode-jsonrpc should not ask for this')
}
const quiet = (): void => {}

const startTimer = (callback: (...args: unknown[]) => void, ms: number, ...args: unknown[]) => {
  const timer = setTimeout(() => callback(...args), ms)
  return { dispose: () => clearTimeout(timer) }
}

/** A microtask, so that every frame of a chunk is handled before the next chunk is read: nothing piles up. */
const soon = (callback: (...args: unknown[]) => void, ...args: unknown[]) => {
  let disposed = false
  queueMicrotask(() => {
    if (!disposed) callback(...args)
  })
  return {
    dispose: () => {
      disposed = true
    },
  }
}

RAL.install({
  crypto: { randomUUID: () => crypto.randomUUID() },
  applicationJson: { encoder: { name: 'unused', encode: unused }, decoder: { name: 'unused', decode: unused } },
  messageBuffer: { create: unused },
  console: { info: quiet, log: quiet, warn: quiet, error: quiet },
  timer: {
    setTimeout: startTimer,
    setImmediate: soon,
    setInterval: unused,
  },
})
