import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** Runs Terraform by argv and tells each line it prints, errors too; gives its exit code. Aborted, it is asked to end. */
export type RunTerraform = (
  program: string,
  argv: readonly string[],
  tell: (line: string) => void,
  signal: AbortSignal,
) => Promise<number>

/** It never asks anybody anything, and does not look for updates of its own. */
const ENVIRONMENT = { TF_IN_AUTOMATION: '1', TF_INPUT: '0', CHECKPOINT_DISABLE: '1' }

/**
 * Credentials come to it as they come to us, by the environment and ~/.aws: nothing secret stands on its command line.
 * @throws Error when it cannot be started
 */
export const runTerraform: RunTerraform = (program, argv, tell, signal) =>
  new Promise((resolve, reject) => {
    const child = spawn(program, argv, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...ENVIRONMENT },
    })
    for (const input of [child.stdout, child.stderr]) createInterface({ input }).on('line', tell)
    // SIGINT: it ends what it is doing and writes its state (Terraform CLI, "apply").
    const interrupt = (): void => void child.kill('SIGINT')
    signal.addEventListener('abort', interrupt, { once: true })
    child.once('error', reject)
    child.once('close', (code) => {
      signal.removeEventListener('abort', interrupt)
      resolve(code ?? 1)
    })
  })
