// The command line's entry; a placeholder until the commands exist.
import { Command } from 'commander';
import { version } from '../../package.json';

await new Command('delivery-lab')
  .description('A deterministic simulator of message delivery')
  .version(version)
  .parseAsync();
