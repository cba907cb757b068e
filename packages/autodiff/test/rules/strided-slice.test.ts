import { strided } from '@tensorloom/graph';
import { describe } from 'vitest';
import { walkRules } from './walk.js';

describe('the family', () => walkRules(strided));
