import { configJsonSchema } from '../../domain/config/json-schema.ts'
import { ROOT } from '../setup/set-up.mjs'
import { renderConfigurationPage } from './configuration-page.mjs'
import { renderPlanningPage } from './planning-page.mjs'

/** @typedef {{ path: string, text: string }} GeneratedFile `path` is relative to the clone, with `/`. */

/** Every committed file that is made from the code. @returns {GeneratedFile[]} */
export const generatedFiles = () => [
  { path: 'docs/configuration.md', text: renderConfigurationPage() },
  { path: 'docs/planning.md', text: renderPlanningPage(ROOT) },
  { path: 'resources/config/mole-config.schema.json', text: `${JSON.stringify(configJsonSchema(), null, 2)}\n` },
]
