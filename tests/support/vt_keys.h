/*
 * Keys and mouse, as a terminal that calls itself xterm sends them.
 */
#pragma once

#include "vt_terminal.h"

/*
 * @text is sent as it stands, without its spaces; names in <> are keys: <F1> <Up> <Down> <Left>
 * <Right> <PgUp> <PgDn> <Home> <End> <Ins> <Del> <Enter> <Tab> <BS> <Esc> <Space> <lt>. <C-x> <S-x>
 * <M-x> are with Ctrl, Shift and Alt, before a character or a name, also together. Returns NULL, or
 * the name that is not known (in @text).
 */
const char *vt_keys_send(struct vt_terminal *terminal, const char *text);

enum vt_mouse { VT_MOUSE_PRESS, VT_MOUSE_RELEASE, VT_MOUSE_MOVE };

/*
 * Buttons 1 to 3, and 4 and 5 for the wheel up and down. In the encoding that the program asked
 * for.
 */
void vt_mouse_send(struct vt_terminal *terminal, enum vt_mouse what, int button, VTermPos pos);
