import { toldEverywhere } from '../everywhere.ts';
import { twoRepositories } from '../scenarios.ts';

toldEverywhere(twoRepositories);
