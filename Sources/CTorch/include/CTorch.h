#pragma once
const char *ct_version(void);
