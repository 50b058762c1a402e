#!/bin/sh
# Your own certificate authority, and the centre's certificate: sh certificates.sh centre.example.org
# Sites get ca.crt. Do not keep ca.key on a server.
set -eu
openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj "/CN=CEMM sites" -keyout ca.key -out ca.crt
openssl req -newkey rsa:2048 -nodes -subj "/CN=$1" -addext "subjectAltName=DNS:$1" -keyout centre.key -out centre.csr
openssl x509 -req -in centre.csr -CA ca.crt -CAkey ca.key -days 825 -copy_extensions copy -out centre.crt
