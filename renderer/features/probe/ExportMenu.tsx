import { Button, Menu } from '@mantine/core'
import { IconChevronDown, IconDownload, IconFileCode, IconFileText } from '@tabler/icons-react'
import { renderProbeHtml } from '../../../domain/probe/render-html.ts'
import type { ProbeReport } from '../../../domain/probe/report.ts'
import { saveFile } from '../../ui/save-file.ts'

/** The report as a file: to be read by people, or by programs. */
export const ExportMenu = ({ report }: { readonly report: ProbeReport }) => (
  <Menu position="bottom-end" width={260} shadow="md" withInitialFocusPlaceholder={false}>
    <Menu.Target>
      <Button variant="default" leftSection={<IconDownload size={16} />} rightSection={<IconChevronDown size={14} />}>
        Export
      </Button>
    </Menu.Target>
    <Menu.Dropdown>
      <Menu.Item
        leftSection={<IconFileText size={15} />}
        onClick={() => saveFile(`${report.id}.html`, renderProbeHtml(report))}
      >
        Report for people (HTML)
      </Menu.Item>
      <Menu.Item
        leftSection={<IconFileCode size={15} />}
        onClick={() => saveFile(`${report.id}.json`, `${JSON.stringify(report, null, 2)}\n`)}
      >
        All figures (JSON)
      </Menu.Item>
    </Menu.Dropdown>
  </Menu>
)
