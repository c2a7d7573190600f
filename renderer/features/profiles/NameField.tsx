import { TextInput } from '@mantine/core'
import { ProfileName } from '../../../domain/config/profile-name.ts'
import { useProfiles } from './profiles-store.ts'

/** Why a name cannot be given to a profile; `null` when it can, or while nothing is written. */
const problemOf = (name: string, taken: readonly string[]): string | null => {
  if (name === '') return null
  const parsed = ProfileName.safeParse(name)
  if (!parsed.success) return `It ${parsed.error.issues[0]?.message ?? 'is not acceptable'}.`
  return taken.includes(name) ? 'There is a profile of that name already.' : null
}

/** A name to be given, and whether it can be. */
export const useNewName = (name: string): { readonly problem: string | null; readonly isFit: boolean } => {
  const taken = useProfiles(({ state }) => state?.profiles)?.map((profile) => profile.name) ?? []
  const problem = problemOf(name, taken)
  return { problem, isFit: name !== '' && problem === null }
}

type Props = { readonly name: string; readonly onChange: (name: string) => void }

export const NameField = ({ name, onChange }: Props) => (
  <TextInput
    label="Name"
    description="Lower-case letters, digits, “-” and “_”: it is also the word after “mole connect”."
    value={name}
    onChange={(event) => onChange(event.currentTarget.value)}
    error={useNewName(name).problem}
    spellCheck={false}
    autoComplete="off"
    data-autofocus
    required
  />
)
