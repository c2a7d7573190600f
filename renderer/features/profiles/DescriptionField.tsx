import { Textarea } from '@mantine/core'

type Props = { readonly value: string; readonly onChange: (text: string) => void }

/** What a profile is for, in one line. */
export const DescriptionField = ({ value, onChange }: Props) => (
  <Textarea
    label="Description"
    description="For the others in the lab. May be left empty."
    value={value}
    onChange={(event) => onChange(event.currentTarget.value.replaceAll('\n', ' '))}
    maxLength={200}
    autosize
    minRows={2}
  />
)
