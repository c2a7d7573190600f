import { configJsonSchema } from '../../domain/config/json-schema.ts'
import { renderConfigurationPage } from './configuration-page.mjs'

/** @typedef {{ path: string, text: string }} GeneratedFile `path` is relative to the clone, with `/`. */

/** Every committed file that is made from the code. @returns {GeneratedFile[]} */
export const generatedFiles = () => [
  { path: 'docs/configuration.md', text: renderConfigurationPage() },
  { path: 'resources/config/mole-config.schema.json', text: `${JSON.stringify(configJsonSchema(), null, 2)}\n` },
]
