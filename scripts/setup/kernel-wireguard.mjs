import { readFileSync } from 'node:fs'
import { release } from 'node:os'
import { run } from './run.mjs'

/** @param {string} text The list of a kernel's modules, modules.builtin or modules.dep. */
export const listsWireGuard = (text) => /\/wireguard\.ko/.test(text)

/** What the module lists of the running kernel say; only asked where trying is not possible. */
const moduleIsListed = () =>
  ['modules.builtin', 'modules.dep'].some((file) => {
    try {
      return listsWireGuard(readFileSync(`/lib/modules/${release()}/${file}`, 'utf8'))
    } catch {
      return false
    }
  })

/** Makes a namespace of its own and does `argv` there. @param {string[]} argv */
const inNamespace = async (...argv) => {
  const limits = { timeoutMs: 20_000 }
  const asUser = await run('unshare', ['--user', '--map-root-user', '--net', ...argv], limits)
  if (asUser.code === 0 || process.getuid?.() !== 0) return asUser.code === 0
  return (await run('unshare', ['--net', ...argv], limits)).code === 0
}

/**
 * Whether this kernel makes WireGuard interfaces: by making one, in a throw-away network namespace. `ip link add`
 * loads the module if there is one; the module's mere presence would prove nothing (Secure Boot, a container).
 */
export const kernelHasWireGuard = async () => {
  if (await inNamespace('ip', 'link', 'add', 'mole0', 'type', 'wireguard')) return true
  const canTry = await inNamespace('ip', 'link', 'set', 'lo', 'up')
  return !canTry && moduleIsListed()
}
