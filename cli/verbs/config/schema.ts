import { configJsonSchema } from '../../../domain/config/json-schema.ts'
import { EXIT } from '../../exit-codes.ts'
import { type AddVerb, finishVerb } from '../../verb.ts'

const EXAMPLES = [
  'mole config schema > ~/.config/mole/mole-config.schema.json',
  'mole config schema --json | jq .schema.properties.tunnel',
]

/** `mole config schema`: the JSON Schema, for editors. */
export const addConfigSchema: AddVerb = (group, toolbox) => {
  const command = group
    .command('schema')
    .summary('print the JSON Schema of the configuration, for editors')
    .description(
      'Prints the JSON Schema of configuration documents. An editor with the YAML language server completes and checks by it, where the document begins with: # yaml-language-server: $schema=FILE',
    )
  finishVerb(command, toolbox, EXAMPLES, async (report) => {
    const schema = configJsonSchema()
    report.result({ schema }, JSON.stringify(schema, null, 2))
    return EXIT.ok
  })
}
