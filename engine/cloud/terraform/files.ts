import type { TextFile } from '../../../contract/app.ts'
import type { BastionSet } from './bastion-set.ts'
import { renderHcl } from './hcl.ts'
import { mainFile } from './main-file.ts'
import { outputsFile } from './outputs-file.ts'
import { readmeFile } from './readme-file.ts'
import { valuesFile } from './values-file.ts'
import { variablesFile } from './variables-file.ts'

/** Terraform files that make the same bastions as the plan. Pure. */
export const terraformFiles = (set: BastionSet): TextFile[] => [
  { name: 'main.tf', text: renderHcl(mainFile(set)) },
  { name: 'variables.tf', text: renderHcl(variablesFile(set)) },
  { name: 'outputs.tf', text: renderHcl(outputsFile()) },
  { name: 'terraform.tfvars', text: renderHcl(valuesFile(set)) },
  { name: 'README.md', text: readmeFile(set) },
]
