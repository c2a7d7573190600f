import { useState } from 'react'
import { useLocation } from 'wouter'
import { renderDocument } from '../../../domain/config/render-document.ts'
import { DescriptionField } from './DescriptionField.tsx'
import { closeQuestion } from './dialogs.ts'
import { ExtendsField } from './ExtendsField.tsx'
import { NameDialog } from './NameDialog.tsx'
import { useCreateProfile } from './profile-acts.ts'

/** Asks for the beginnings of a profile, then opens it. */
export const NewProfile = () => {
  const [, navigate] = useLocation()
  const [description, setDescription] = useState('')
  const [parent, setParent] = useState<string | null>(null)
  const create = useCreateProfile()
  const confirm = (name: string): void => {
    const said = description.trim() === '' ? null : description.trim()
    create.mutate(
      { name, text: renderDocument({ extends: parent, description: said, values: {} }) },
      {
        onSuccess: () => {
          closeQuestion()
          navigate(`/profiles/${name}`)
        },
      },
    )
  }
  return (
    <NameDialog
      firstName=""
      verb="Create and edit"
      error={create.error}
      isPending={create.isPending}
      onConfirm={confirm}
    >
      <DescriptionField value={description} onChange={setDescription} />
      <ExtendsField value={parent} onChange={setParent} />
    </NameDialog>
  )
}
