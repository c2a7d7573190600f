import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'

/** Terraform, and its fork OpenTofu, which is given the same words. */
export const TERRAFORM_PROGRAMS = ['terraform', 'tofu'] as const
export type TerraformProgram = (typeof TERRAFORM_PROGRAMS)[number]

const isProgram = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

/**
 * The absolute path of the wanted program on PATH; of Terraform where it is missing, that of OpenTofu. `null` when there
 * is none. Relative entries of PATH are passed over: what is run must not depend on where one stands.
 */
export const findTerraform = (wanted: TerraformProgram, path: string | undefined): string | null => {
  const names = wanted === 'terraform' ? TERRAFORM_PROGRAMS : [wanted]
  const directories = (path ?? '').split(delimiter).filter(isAbsolute)
  return names.flatMap((name) => directories.map((directory) => join(directory, name))).find(isProgram) ?? null
}
