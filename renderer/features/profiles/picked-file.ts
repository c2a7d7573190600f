import { MoleError } from '../../../contract/errors.ts'
import { MAX_DOCUMENT_BYTES } from '../../../domain/config/parse/decode-document.ts'
import { ProfileName } from '../../../domain/config/profile-name.ts'

const refusal = (message: string, nextStep: string): MoleError =>
  new MoleError('bad-input', message, { field: 'file', meaning: 'Nothing was imported.', nextStep })

/**
 * The text of a file that was picked. It may have problems: those are shown, and mended, in the editor.
 * @throws MoleError `bad-input` when it cannot be a profile at all
 */
export const readProfileFile = async (file: File): Promise<string> => {
  if (file.size > MAX_DOCUMENT_BYTES)
    throw refusal(
      `${file.name} is larger than ${MAX_DOCUMENT_BYTES / 1024} KiB.`,
      'A profile is a page of text: pick another file.',
    )
  const bytes = await file.arrayBuffer()
  const text = decode(bytes)
  if (text === null || text.includes('\0'))
    throw refusal(`${file.name} is not UTF-8 text.`, 'Save it as UTF-8, or pick another file.')
  if (text.trim() === '') throw refusal(`${file.name} is empty.`, 'Pick another file.')
  if (/^\s*\[(Interface|Peer)\]/im.test(text))
    throw refusal(
      `${file.name} is a wg-quick file, and no profile.`,
      'A profile says what to deploy; its keys and tunnels are made anew each time. Pick a YAML file.',
    )
  return text
}

const decode = (bytes: ArrayBuffer): string | null => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}

/** A name like the file's; empty when nothing of it can be in one. */
export const profileNameOf = (fileName: string): string => {
  const name = fileName
    .replace(/\.[^.]*$/, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]+/g, '-')
    .replace(/^[-_]+/, '')
    .replace(/-+$/, '')
    .slice(0, 63)
  return ProfileName.safeParse(name).success ? name : ''
}
