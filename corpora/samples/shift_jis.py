# coding=shift_jis
表 = "ソ十"  # the second byte of these is a backslash
