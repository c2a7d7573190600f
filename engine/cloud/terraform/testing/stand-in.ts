import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export type Call = { readonly argv: readonly string[]; readonly environment: Readonly<Record<string, string>> }

export type StandIn = {
  readonly program: string
  /** How it was called so far. */
  calls(): Call[]
}

/**
 * A program in Terraform's place that writes down how it was called, says something like Terraform, and fails where it
 * is told to. `apply` leaves a state that names what was made.
 * @param failing the verb that ends with 1
 */
export const standIn = (directory: string, failing: string | null = null): StandIn => {
  const program = join(directory, 'terraform')
  const record = join(directory, 'calls.jsonl')
  writeFileSync(record, '')
  writeFileSync(
    program,
    `#!${process.execPath}
const { appendFileSync, writeFileSync } = require('node:fs')
const argv = process.argv.slice(2)
appendFileSync(${JSON.stringify(record)}, JSON.stringify({ argv, environment: process.env }) + '\\n')
const [chdir = '', verb] = argv
const directory = chdir.replace('-chdir=', '')
if (verb === ${JSON.stringify(failing)}) {
  if (verb === 'apply') writeFileSync(directory + '/terraform.tfstate', JSON.stringify({ resources: [{}] }))
  console.error('│ Error: UnauthorizedOperation')
  process.exit(1)
}
if (verb === 'plan') console.log('Plan: 3 to add, 0 to change, 0 to destroy.')
if (verb === 'apply') console.log('Apply complete! Resources: 3 added, 0 changed, 0 destroyed.')
`,
  )
  chmodSync(program, 0o700)
  return {
    program,
    calls: () =>
      readFileSync(record, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Call),
  }
}
