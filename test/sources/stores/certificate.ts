/**
 * A certificate that signs itself, of localhost and 127.0.0.1, until 2126, and its key: for servers of tests only.
 * `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 36500 -subj /CN=localhost \
 *   -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout key.pem -out cert.pem`
 */
export const cert = `-----BEGIN CERTIFICATE-----
MIIBmzCCAUGgAwIBAgIUUnUafP9x9WHDDcRyCq3jvXnUDxkwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMTE4MTkxNFoYDzIxMjYxMDI4
MTgxOTE0WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAASe+WMNIgDUjV4X4AAdunC05VeSBO/sImgND2Kzi05rHhTMNxGBEvs4
nRJCHthLDjWWLzFtntwRGqZNmFhNprMYo28wbTAdBgNVHQ4EFgQUxvwUrDJOXJOw
P9G9ynsU1trQDyEwHwYDVR0jBBgwFoAUxvwUrDJOXJOwP9G9ynsU1trQDyEwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSAAwRQIgTulsw6n7SbadXn+LVo2IsVXQwOWCYjoyP9woXuoku24CIQDI
oFc8/2tqc9qD1HqI8spnuteQBlAwJ4jZKB4ObRCWFw==
-----END CERTIFICATE-----
`;

export const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgIqfC1XGvPnff6b6E
Xp16+znnDFiUIRBmVsG6cLcxBdShRANCAASe+WMNIgDUjV4X4AAdunC05VeSBO/s
ImgND2Kzi05rHhTMNxGBEvs4nRJCHthLDjWWLzFtntwRGqZNmFhNprMY
-----END PRIVATE KEY-----
`;
