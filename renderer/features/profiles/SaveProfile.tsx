import { Button, Group, Modal } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconDeviceFloppy } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { valuesOfPlan } from '../../../domain/config/plan-of.ts'
import { renderDocument } from '../../../domain/config/render-document.ts'
import { withoutDefaults } from '../../../domain/config/without-defaults.ts'
import { DeploymentPlan } from '../../../domain/tunnel-plan.ts'
import { currentClient } from '../../app/connection-store.ts'
import { ProblemNote } from '../../ui/ProblemNote.tsx'
import { toProblem } from '../../ui/to-problem.ts'
import { DescriptionField } from './DescriptionField.tsx'
import { NameField, useNewName } from './NameField.tsx'
import { useProfiles } from './profiles-store.ts'
import css from './SaveProfile.module.css'

type Wanted = { readonly name: string; readonly description: string }

const textOf = (plan: DeploymentPlan, { description }: Wanted): string =>
  renderDocument({
    description: description.trim() === '' ? null : description.trim(),
    values: withoutDefaults(valuesOfPlan(plan)),
  })

const useSave = (plan: DeploymentPlan) =>
  useMutation({
    mutationFn: (wanted: Wanted) =>
      currentClient().call('profiles.create', { name: wanted.name, text: textOf(plan, wanted) }),
    onSuccess: (_, { name }) =>
      notifications.show({
        title: `Saved as ${name}`,
        message: `From now on one click connects it, or: mole connect ${name}`,
        closeButtonProps: { 'aria-label': 'Close this message' },
      }),
  })

const Dialog = ({ plan, onClose }: { readonly plan: DeploymentPlan; readonly onClose: () => void }) => {
  const [name, setName] = useState('')
  const [description, setDescription] = useState('')
  const { isFit } = useNewName(name)
  const save = useSave(plan)
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate({ name, description }, { onSuccess: onClose })
      }}
      className={css.form}
    >
      <NameField name={name} onChange={setName} />
      <DescriptionField value={description} onChange={setDescription} />
      {save.error !== null && <ProblemNote problem={toProblem(save.error)} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" loading={save.isPending} disabled={!isFit}>
          Save profile
        </Button>
      </Group>
    </form>
  )
}

const isSame = (a: DeploymentPlan, b: DeploymentPlan | null): boolean =>
  b !== null && JSON.stringify(DeploymentPlan.parse(a)) === JSON.stringify(DeploymentPlan.parse(b))

/** Offers to save a plan as a profile; nothing where a profile makes the same already. */
export const SaveProfile = ({ plan, ...button }: { readonly plan: DeploymentPlan; readonly fullWidth?: boolean }) => {
  const [opened, setOpened] = useState(false)
  const isSaved = useProfiles(({ state }) => state?.profiles.some((profile) => isSame(plan, profile.plan)) ?? true)
  if (isSaved && !opened) return null
  const close = (): void => setOpened(false)
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconDeviceFloppy size={18} />}
        onClick={() => setOpened(true)}
        {...button}
      >
        Save as profile…
      </Button>
      <Modal opened={opened} onClose={close} title="Save this deployment as a profile">
        {opened && <Dialog plan={plan} onClose={close} />}
      </Modal>
    </>
  )
}
