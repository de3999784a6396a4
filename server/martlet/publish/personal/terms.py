"""The words by which columns say that they are personal: English, German, French, Spanish, more.

A term is written without accents and separators: `firstname` is first_name, firstName, FIRST NAME.
"""

from __future__ import annotations

TERMS: dict[str, str] = {
    "email": """
        email mail emailaddress mailaddress mailadresse courriel correo correoelectronico
        adressemail adresseemail emailadresse direccionemail
    """,
    "phone": """
        phone telephone tel mobile mobilephone cellphone phonenumber phoneno msisdn fax
        whatsapp telefon telefonnummer handy handynummer mobilnummer mobiltelefon rufnummer
        telefono movil celular telefoon numerotelephone faxnummer
    """,
    "address": """
        address addressline addr street streetname streetaddress housenumber postcode
        postalcode zip zipcode plz postleitzahl adresse anschrift strasse hausnummer rue
        codepostal  direccion domicilio calle codigopostal indirizzo straat postbus pobox
        shipto  billto apartment apt
    """,
    "name": """
        firstname lastname fullname givenname familyname middlename maidenname surname
        forename nickname displayname legalname username contactname customername clientname
        buyername  shoppername personname employeename recipientname receivername sendername
        holdername  accountholder cardholder cardholdername patientname membername guestname
        ownername agentname  drivername authorname studentname teachername doctorname
        managername billingname shippingname  staffname attendeename leadname subscribername
        passengername tenantname applicantname  candidatename salesperson salesrepname
        cashiername reviewername parentname spousename  childname beneficiary nameoncard
        nameoncontract vorname nachname familienname geburtsname  kundenname ansprechpartner
        empfangername prenom nomfamille nomdefamille nomclient nomcomplet  nomprenom
        apellido apellidos nombrecompleto nombrecliente nombrepila cognome nomecompleto
        voornaam achternaam sobrenome fname lname mname signature signedby initials
    """,
    "ip": """
        ip ipaddress ipaddr ipv4 ipv6 clientip remoteip userip remoteaddr hostip ipadresse
        adresseip direccionip sourceip srcip loginip signupip xforwardedfor
    """,
    "payment": """
        iban bic swift cardnumber creditcard creditcardnumber ccnumber ccnum cvv cvc  cvv2
        cardlast4 lastfour cardlastfour bankaccount bankaccountnumber accountnumber sortcode
        routingnumber kontonummer bankverbindung kreditkarte kreditkartennummer kartennummer
        numerocarte cartebancaire numerotarjeta tarjeta numerocuenta cuentabancaria cardno
        cardexpiry
    """,
    "national_id": """
        ssn socialsecurity socialsecuritynumber nationalid nationalidnumber nino
        nationalinsurance passport passportnumber passportno idcard idcardnumber
        identitynumber  driverlicense driverslicense drivinglicence licenseplate numberplate
        taxid taxnumber  personalausweis ausweisnummer steuerid steuernummer
        steueridentifikationsnummer  sozialversicherungsnummer svnr reisepass kfzkennzeichen
        nummernschild nir numerosecu securitesociale  numerosecuritesociale passeport dni
        nie nif pasaporte curp cpf pesel personnummer bsn  codicefiscale aadhaar medicare
        nhsnumber
    """,
    "birth": """
        dob birthdate dateofbirth birthday birthyear yearofbirth born bornon birth
        geburtsdatum geburtstag geboren geburtsjahr datenaissance datedenaissance naissance
        anniversaire fechanacimiento fechadenacimiento nacimiento cumpleanos datadinascita
        geboortedatum
    """,
    "location": """
        latitude longitude lat lng lon latlng latlon latlong geopoint gps coordinates
        coordinate coords geohash breitengrad langengrad koordinaten latitud longitud
        coordenadas
    """,
    "device": """
        deviceid deviceuuid cookie cookieid idfa idfv gaid aaid advertisingid  androidid
        imei imsi iccid macaddress macaddr fingerprint browserfingerprint useragent
        serialnumberdevice pushtoken devicetoken gclid fbclid fbp fbc gaclientid ttclid
        msclkid  gerateid
    """,
    "account": """
        username userlogin login loginname screenname userhandle twitterhandle
        instagramhandle  skype telegram benutzername nutzername nomutilisateur identifiant
        usuario nombreusuario
    """,
    "secret": """
        password passwd pwd passwordhash passwort motdepasse contrasena secret apikey
        apitoken accesstoken refreshtoken authtoken sessiontoken privatekey token pin otp
        securityanswer
    """,
}

# Free text, when the values are prose.
TEXT_TERMS = (
    "note notes comment comments remark remarks message messages msg feedback reviewtext "
    "reviewbody review body memo transcript complaint inquiry enquiry question answer freetext "
    "conversation chat instructions deliveryinstructions testimonial biography bio aboutme reply "
    "bemerkung bemerkungen kommentar kommentare notiz notizen hinweis hinweise nachricht anmerkung "
    "anmerkungen freitext beschwerde anfrage commentaire commentaires remarque remarques avis "
    "reclamation comentario comentarios nota notas observacion observaciones mensaje queja resena"
)

# Names of persons, only when the values look like some, or the mart is about people.
WEAK_NAME_TERMS = (
    "name nom nombre nome naam names owner assignee assignedto assigned createdby updatedby "
    "modifiedby approvedby author recipient receiver sender addressee attention contact customer "
    "client buyer employee agent rep salesrep accountmanager manager driver user person member "
    "guest patient kunde kundin mitarbeiter empfanger absender bearbeiter sachbearbeiter "
    "destinataire vendeur contacto cliente empleado empleada destinatario vendedor"
)

# Beside one of these, a word above speaks of something else: email_count, phone_brand, ip_rating.
NOT_WORDS = frozenset(
    [
        "count",
        "cnt",
        "num",
        "total",
        "sum",
        "rate",
        "ratio",
        "share",
        "pct",
        "percent",
        "average",
        "avg",
        "min",
        "max",
        "status",
        "type",
        "kind",
        "category",
        "domain",
        "provider",
        "channel",
        "source",
        "medium",
        "campaign",
        "template",
        "subject",
        "opens",
        "open",
        "opened",
        "clicks",
        "clicked",
        "sent",
        "delivered",
        "bounced",
        "bounce",
        "verified",
        "valid",
        "validated",
        "is",
        "has",
        "was",
        "flag",
        "consent",
        "optin",
        "opt",
        "preference",
        "format",
        "frequency",
        "segment",
        "country",
        "countries",
        "region",
        "state",
        "city",
        "currency",
        "language",
        "locale",
        "sessions",
        "session",
        "orders",
        "order",
        "revenue",
        "spend",
        "cost",
        "costs",
        "brand",
        "model",
        "os",
        "carrier",
        "plan",
        "length",
        "score",
        "level",
        "tier",
        "version",
        "rating",
        "rated",
        "warehouse",
        "product",
        "products",
        "item",
        "variant",
        "sku",
        "company",
        "companies",
        "firma",
        "organisation",
        "organization",
        "team",
        "department",
        "job",
        "store",
        "shop",
        "branch",
        "campaigns",
        "ad",
        "ads",
        "group",
        "file",
        "table",
        "column",
        "schema",
        "event",
        "page",
        "site",
        "host",
        "server",
        "app",
        "feature",
        "subscribers",
        "list",
        "size",
        "quality",
        "position",
        "days",
        "hours",
        "age",
        "seconds",
        "minutes",
        "permission",
        "enabled",
        "code",
        "codes",
        "platform",
        "unit",
        "units",
        "price",
        "anzahl",
        "last",
        "at",
        "date",
        "time",
    ]
)
# Beside one of these too, but only for names of things, not of persons.
THINGS = frozenset(
    [
        "product",
        "item",
        "variant",
        "sku",
        "brand",
        "vendor",
        "supplier",
        "manufacturer",
        "company",
        "organisation",
        "organization",
        "campaign",
        "category",
        "collection",
        "store",
        "shop",
        "site",
        "city",
        "country",
        "region",
        "state",
        "street",
        "holiday",
        "day",
        "month",
        "week",
        "color",
        "colour",
        "size",
        "material",
        "model",
        "style",
        "group",
        "file",
        "table",
        "column",
        "schema",
        "event",
        "page",
        "channel",
        "medium",
        "source",
        "team",
        "department",
        "role",
        "title",
        "plan",
        "tier",
        "segment",
        "status",
        "type",
        "kind",
        "warehouse",
        "project",
        "repository",
        "package",
        "module",
        "library",
        "service",
        "feature",
        "metric",
        "test",
        "course",
        "book",
        "movie",
        "song",
        "artist",
        "species",
        "recipe",
        "ingredient",
        "dish",
        "drug",
        "hotel",
        "restaurant",
        "airport",
        "port",
        "station",
        "school",
        "university",
        "currency",
        "language",
        "platform",
        "device",
        "os",
        "browser",
        "app",
        "domain",
        "host",
        "server",
        "cluster",
        "ad",
        "keyword",
        "audience",
        "placement",
        "banner",
        "creative",
        "coupon",
        "promotion",
        "discount",
        "payment",
        "method",
        "shipping",
        "carrier",
        "account",
        "bank",
        "fund",
        "stock",
        "index",
        "producto",
        "articulo",
        "produit",
        "article",
        "marque",
        "produkt",
        "artikel",
        "marke",
        "firma",
        "ort",
        "stadt",
        "ville",
        "ciudad",
        "pais",
        "pays",
        "land",
        "bundesland",
        "kategorie",
        "categorie",
        "categoria",
        "couleur",
        "farbe",
        "tag",
        "tags",
        "label",
        "topic",
        "queue",
        "form",
        "field",
    ]
)
PEOPLE = frozenset(
    [
        "customer",
        "customers",
        "client",
        "clients",
        "person",
        "persons",
        "people",
        "user",
        "users",
        "contact",
        "contacts",
        "employee",
        "employees",
        "staff",
        "member",
        "members",
        "patient",
        "patients",
        "student",
        "students",
        "teacher",
        "teachers",
        "guest",
        "guests",
        "lead",
        "leads",
        "subscriber",
        "subscribers",
        "attendee",
        "attendees",
        "applicant",
        "applicants",
        "candidate",
        "candidates",
        "driver",
        "drivers",
        "agent",
        "agents",
        "buyer",
        "buyers",
        "tenant",
        "tenants",
        "visitor",
        "visitors",
        "passenger",
        "kunde",
        "kunden",
        "mitarbeiter",
        "nutzer",
        "personen",
        "clientes",
        "usuarios",
        "empleados",
        "personas",
        "salarie",
        "salaries",
        "utilisateurs",
    ]
)
PLACES = frozenset(
    [
        "store",
        "stores",
        "shop",
        "shops",
        "warehouse",
        "warehouses",
        "branch",
        "branches",
        "airport",
        "airports",
        "station",
        "stations",
        "city",
        "cities",
        "country",
        "countries",
        "region",
        "regions",
        "depot",
        "hub",
        "port",
        "ports",
        "hotel",
        "hotels",
        "restaurant",
        "venue",
        "venues",
        "site",
        "sites",
        "plant",
        "plants",
        "office",
        "offices",
        "geo",
        "filiale",
        "filialen",
    ]
)
KEYS = frozenset(["id", "ids", "key", "keys", "sk", "pk", "fk", "uuid", "guid", "nr"])
