import { enterNamespaces } from '../engine/cloud/lab/programs.ts'

/** Looks the same whatever the person's own prompt is, so that nobody mistakes the lab for the machine. */
const PROMPT = '[mole lab: DTN] \\w \\$ '

export type LabShell = {
  readonly program: string
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

/**
 * How to enter the lab's DTN: the namespaces of its first process (nsenter(1)). Credentials are preserved because the
 * lab's user namespace maps this user to root already. With `command`, that runs instead of a shell.
 */
export const labShell = (pid: number, command: readonly string[], shell: '/bin/bash' | '/bin/sh'): LabShell => {
  // The person's own start-up files would set their own prompt again.
  const interactive = shell === '/bin/bash' ? [shell, '--norc', '--noprofile', '-i'] : [shell, '-i']
  return {
    program: 'nsenter',
    argv: [...enterNamespaces(pid), ...(command.length > 0 ? command : interactive)],
    env: { PS1: shell === '/bin/bash' ? PROMPT : '[mole lab: DTN] # ' },
  }
}
