#pragma once
int cv_decode(void);
