import { createInterface } from 'node:readline'
import { MoleError } from '../../../contract/errors.ts'
import { resolvePaths } from '../../paths.ts'
import { openProfileFiles } from '../profile-files.ts'

/*
 * A process of its own: for each line `revision text` on stdin it writes the profile "lab", and says how that went as one
 * line of JSON.
 */

const files = openProfileFiles(resolvePaths())

const outcomeOf = async (revision: string, text: string): Promise<object> => {
  try {
    return { revision: (await files.write('lab', text, revision)).revision }
  } catch (error) {
    return error instanceof MoleError
      ? { code: error.code, message: error.message, data: error.data }
      : { error: String(error) }
  }
}

process.stdout.write('"ready"\n')
for await (const line of createInterface({ input: process.stdin })) {
  const [revision = '', text = ''] = line.split(' ')
  process.stdout.write(`${JSON.stringify(await outcomeOf(revision, text))}\n`)
}
