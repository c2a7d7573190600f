import type { Tell } from '../provider.ts'
import type { RunTerraform } from './run-terraform.ts'
import type { Workspace } from './workspaces.ts'

const PLAN_FILE = 'mole-destroy.tfplan'

/** What is worth telling of all that Terraform prints: what is to go, what goes, how it ended, and what is wrong. */
const TELLING = /^ +# .* will be |^Plan: |^No changes|^No objects|: Destr|^(Apply|Destroy) complete|^Error|^│|^╷/

const shown = (line: string): string => line.trim().slice(0, 300)

/**
 * Has Terraform take away what it made: its plan first, which is told, and then by that plan.
 * @returns whether it could; when not, what is there is still there, and found by its tags
 */
export const destroy = async (
  run: RunTerraform,
  { program, directory }: Workspace,
  tell: Tell,
  signal: AbortSignal,
): Promise<boolean> => {
  const say = (line: string): void => tell(`terraform: ${line}`)
  const step = async (...argv: readonly string[]): Promise<boolean> => {
    const code = await run(
      program,
      [`-chdir=${directory}`, ...argv],
      (line) => {
        if (TELLING.test(line)) say(shown(line))
      },
      signal,
    ).catch((error: unknown) => {
      say(`${program} cannot be run: ${(error as Error).message}`)
      return 1
    })
    if (code !== 0) say(`"${argv[0]}" ended with code ${code}`)
    return code === 0
  }
  return (
    (await step('plan', '-destroy', '-no-color', '-input=false', `-out=${PLAN_FILE}`)) &&
    (await step('apply', '-no-color', '-input=false', PLAN_FILE))
  )
}
