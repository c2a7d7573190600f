import { ActionIcon, Menu } from '@mantine/core'
import { IconCopy, IconDots, IconDownload, IconEdit, IconHistory, IconPencil, IconTrash } from '@tabler/icons-react'
import { Link, useLocation } from 'wouter'
import type { ProfileSummary } from '../../../contract/app.ts'
import { currentClient } from '../../app/connection-store.ts'
import { useLeaving } from '../../app/leaving.ts'
import { notifyProblem } from '../../ui/notify-problem.ts'
import { saveFile } from '../../ui/save-file.ts'
import { ask } from './dialogs.ts'
import css from './ProfileMenu.module.css'

const download = async (name: string): Promise<void> => {
  try {
    const { text } = await currentClient().call('profiles.read', { name })
    saveFile(`${name}.yaml`, text)
  } catch (error) {
    notifyProblem(error)
  }
}

/** What else can be done with a profile. */
export const ProfileMenu = ({ profile }: { readonly profile: ProfileSummary }) => {
  const [location] = useLocation()
  const isHeld = useLeaving(({ held }) => held !== null)
  const { name, hasBackup } = profile
  const page = `/profiles/${name}`
  return (
    <Menu position="bottom-end" width={190} shadow="md" withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={`More for ${name}`}>
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {location !== page && (
          <Menu.Item component={Link} href={page} leftSection={<IconEdit size={15} />}>
            Edit
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconCopy size={15} />} onClick={() => ask({ kind: 'duplicate', profile })}>
          Duplicate…
        </Menu.Item>
        <Menu.Item
          leftSection={<IconPencil size={15} />}
          disabled={isHeld}
          onClick={() => ask({ kind: 'rename', profile })}
        >
          Rename…
        </Menu.Item>
        <Menu.Item leftSection={<IconDownload size={15} />} onClick={() => void download(name)}>
          Export as YAML
        </Menu.Item>
        {hasBackup && (
          <Menu.Item leftSection={<IconHistory size={15} />} onClick={() => ask({ kind: 'restore', profile })}>
            Restore backup…
          </Menu.Item>
        )}
        <Menu.Divider />
        <Menu.Item
          className={css.danger ?? ''}
          leftSection={<IconTrash size={15} />}
          onClick={() => ask({ kind: 'delete', profile })}
        >
          Delete…
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
