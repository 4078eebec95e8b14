#pragma once

void sarap_renderer_choose (void);
