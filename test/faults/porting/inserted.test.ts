import { toldEverywhere } from '../everywhere.ts';
import { inserted } from '../scenarios.ts';

toldEverywhere(inserted);
